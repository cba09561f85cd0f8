// Code on vectors of 32 bytes, compiled once for each kind of vectors that processors have: `DEFINE(name)` makes the
// function of that name from an always inlined `name_body` with the same parameters.
#if defined(__x86_64__)
#define FOR_AVX2 __attribute__((target("avx2")))
// Its shorter vectors have a rotation and any function of three bits in one instruction, and 32 registers.
#define FOR_AVX512 __attribute__((target("avx2,avx512f,avx512vl")))
#define DEFINE(name, state_type)                                                                              \
    FOR_AVX2 static void name##_avx2(state_type *state, const uint8_t *const *messages, size_t count) {       \
        name##_body(state, messages, count);                                                                  \
    }                                                                                                         \
    FOR_AVX512 static void name##_avx512(state_type *state, const uint8_t *const *messages, size_t count) {   \
        name##_body(state, messages, count);                                                                  \
    }                                                                                                         \
    void name(state_type *state, const uint8_t *const *messages, size_t count) {                              \
        if (__builtin_cpu_supports("avx512vl")) return name##_avx512(state, messages, count);                 \
        if (__builtin_cpu_supports("avx2")) return name##_avx2(state, messages, count);                       \
        name##_body(state, messages, count);                                                                  \
    }
#else
#define DEFINE(name, state_type)                                                                              \
    void name(state_type *state, const uint8_t *const *messages, size_t count) { name##_body(state, messages, count); }
#endif
