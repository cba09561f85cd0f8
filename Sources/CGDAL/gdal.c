#define _GNU_SOURCE
#include "CGDAL.h"
#include <dlfcn.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct gdal_functions gdal;

static char failure[512];

static void *open_library(void) {
    // The number in the library's name went up by one with each minor version of GDAL 3, from 26 for 3.0.
    char name[32];
    snprintf(name, sizeof name, "libgdal.so.%d", 26 + GDAL_VERSION_MINOR);
    void *library = GDAL_VERSION_MAJOR == 3 ? dlopen(name, RTLD_LAZY | RTLD_LOCAL) : NULL;
    if (library) return library;
    const char *reason = GDAL_VERSION_MAJOR == 3 ? dlerror() : NULL;
    snprintf(failure, sizeof failure, "%s", reason ? reason : "");
    library = dlopen("libgdal.so", RTLD_LAZY | RTLD_LOCAL);
    if (!library && !reason) snprintf(failure, sizeof failure, "%s", dlerror());
    return library;
}

const char *gdal_load(void) {
    void *library = open_library();
    if (!library) return failure;
#define GDAL_LOAD(name)                                                                                                \
    if (!(gdal.name = (__typeof__(gdal.name))dlsym(library, #name))) {                                                 \
        snprintf(failure, sizeof failure, "%s", dlerror());                                                            \
        return failure;                                                                                                \
    }
    GDAL_FUNCTIONS(GDAL_LOAD)
#undef GDAL_LOAD
    return NULL;
}

static int look(void *unused, const char *path, VSIStatBufL *status, int flags) {
    (void)unused, (void)flags;
    _Static_assert(sizeof *status == sizeof(struct stat), "GDAL looks at files with another type");
    return stat(path, (struct stat *)status);
}

static int remove_file(void *unused, const char *path) {
    (void)unused;
    return unlink(path);
}

void gdal_look_and_remove(VSIFilesystemPluginCallbacksStruct *calls) {
    calls->stat = look;
    calls->unlink = remove_file;
}
