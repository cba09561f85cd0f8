#include "CSystem.h"

// Written by scripts/revision before `make build`; whoever builds otherwise has none.
#if __has_include("revision.h")
#include "revision.h"
#else
#define REVISION ""
#endif

const char *system_revision(void) { return REVISION; }
