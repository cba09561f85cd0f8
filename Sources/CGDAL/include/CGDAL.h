// GDAL, loaded when it is first used and not linked: it brings a hundred libraries, which would cost each start of a tool
// some 40 ms, and most tools never call it.
#pragma once
// Debian and others have the headers in a folder of their own; who names another installation (CPATH) wants that one.
#if __has_include(<gdal.h>)
#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#else
#include <gdal/cpl_conv.h>
#include <gdal/cpl_error.h>
#include <gdal/cpl_string.h>
#include <gdal/cpl_vsi.h>
#include <gdal/gdal.h>
#include <gdal/ogr_srs_api.h>
#endif

#define GDAL_FUNCTIONS(each)                                                                                           \
    each(CPLErrorReset) each(CPLGetLastErrorMsg) each(CPLGetLastErrorType) each(CPLQuietErrorHandler)                  \
    each(CPLSetConfigOption) each(CPLSetErrorHandler) each(CPLSetThreadLocalConfigOption)                              \
    each(CSLAddString) each(CSLDestroy) each(CSLFetchNameValue)                                                        \
    each(GDALAddBand) each(GDALAllRegister) each(GDALClose) each(GDALCreate) each(GDALCreateCopy)                      \
    each(GDALDatasetRasterIOEx) each(GDALGetDriverByName) each(GDALGetGeoTransform) each(GDALGetMetadata)              \
    each(GDALGetRasterBand) each(GDALGetRasterCount) each(GDALGetRasterXSize) each(GDALGetRasterYSize)                 \
    each(GDALGetSpatialRef) each(GDALOpenEx) each(GDALRasterIO) each(GDALSetCacheMax64) each(GDALSetDescription)       \
    each(GDALSetGeoTransform) each(GDALSetMetadataItem) each(GDALSetRasterNoDataValue) each(GDALSetRasterOffset)       \
    each(GDALSetRasterScale) each(GDALSetSpatialRef)                                                                   \
    each(OSRDestroySpatialReference) each(OSRExportToWkt) each(OSRGetAuthorityCode) each(OSRImportFromEPSG)            \
    each(OSRNewSpatialReference) each(OSRSetAxisMappingStrategy)                                                       \
    each(VSIAllocFilesystemPluginCallbacksStruct) each(VSIFree) each(VSIFreeFilesystemPluginCallbacksStruct)           \
    each(VSIInstallPluginHandler)

// The functions under their own names, with the types that the headers declare.
struct gdal_functions {
#define GDAL_MEMBER(name) __typeof__(name) *name;
    GDAL_FUNCTIONS(GDAL_MEMBER)
#undef GDAL_MEMBER
};

// Null pointers until gdal_load returned null; constant from then on.
extern struct gdal_functions gdal __attribute__((swift_attr("nonisolated(unsafe)")));

// Loads the library that belongs to the headers, or else whatever `libgdal.so` is. Call it once.
// Returns null, or the linker's words for what failed, which stay valid.
const char *gdal_load(void);

// Has a handler of files look at those of this machine, and remove them, by their names; Swift does not know GDAL's type of
// what a look finds.
void gdal_look_and_remove(VSIFilesystemPluginCallbacksStruct *calls);
