// What failed in a thread, for those who write it; not installed.
#pragma once
#ifdef __cplusplus
extern "C" {
#endif
void datacube_set_error(const char *code, const char *message);
#ifdef __cplusplus
}
#endif
