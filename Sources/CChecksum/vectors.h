// Code on vectors, compiled once for each kind of vectors that processors have: `DEFINE(name, state, narrow, wide)` makes
// the function of that name from two always inlined ones, `name_narrow` on vectors of 32 bytes and `name_wide` on 64.
#define NAMED_AS(name, lanes) name##_##lanes
#define NAMED(name, lanes) NAMED_AS(name, lanes)

#define PARAMETERS(state_type) state_type *state, size_t lanes, const uint8_t *const *messages, size_t count
// Both halves of the lanes one after the other, if they are used.
#define HALVES(name, narrow) \
    for (size_t first = 0; first < lanes; first += (narrow)) NAMED(name, narrow)(state, first, messages, count)

#if defined(__x86_64__)
#define FOR_AVX2 __attribute__((target("avx2")))
// It has a rotation and any function of three bits in one instruction, and 32 registers.
#define FOR_AVX512 __attribute__((target("avx2,avx512f,avx512vl")))
#define DEFINE(name, state_type, narrow, wide)                                               \
    FOR_AVX2 static void name##_avx2(PARAMETERS(state_type)) { HALVES(name, narrow); }       \
    FOR_AVX512 static void name##_avx512(PARAMETERS(state_type)) {                           \
        if (lanes > (narrow)) return NAMED(name, wide)(state, 0, messages, count);           \
        HALVES(name, narrow);                                                                \
    }                                                                                        \
    void name(PARAMETERS(state_type)) {                                                      \
        if (__builtin_cpu_supports("avx512vl")) return name##_avx512(state, lanes, messages, count); \
        if (__builtin_cpu_supports("avx2")) return name##_avx2(state, lanes, messages, count);       \
        HALVES(name, narrow);                                                                \
    }
#else
#define DEFINE(name, state_type, narrow, wide) \
    void name(PARAMETERS(state_type)) { HALVES(name, narrow); }
#endif
