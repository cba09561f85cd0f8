#pragma once
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// Swift cannot call variadic functions, so each kind of argument that is passed gets a function of its own.
static inline CURLcode curl_easy_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_easy_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_easy_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curl_easy_set_stream(CURL *handle, CURLoption option, curl_write_callback value) {
    return curl_easy_setopt(handle, option, value);
}
// Which protocols a URL may ask for. Before 7.85, as in Ubuntu 22.04, libcurl takes bits and not names.
static inline CURLcode curl_easy_set_protocols_to_http(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}
static inline CURLcode curl_easy_set_seek(CURL *handle, curl_seek_callback value) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, value);
}
static inline CURLcode curl_easy_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}
static inline CURLMcode curl_multi_set_socket_function(CURLM *handle, curl_socket_callback value, void *data) {
    curl_multi_setopt(handle, CURLMOPT_SOCKETDATA, data);
    return curl_multi_setopt(handle, CURLMOPT_SOCKETFUNCTION, value);
}
static inline CURLMcode curl_multi_set_timer_function(CURLM *handle, curl_multi_timer_callback value, void *data) {
    curl_multi_setopt(handle, CURLMOPT_TIMERDATA, data);
    return curl_multi_setopt(handle, CURLMOPT_TIMERFUNCTION, value);
}
static inline CURLMcode curl_multi_time_out(CURLM *handle) {
    int running = 0;
    return curl_multi_socket_action(handle, CURL_SOCKET_TIMEOUT, 0, &running);
}
