import Glibc

/// Time for measuring.
public enum SystemClock {
    /// Seconds of the monotonic clock; only differences mean something.
    public static func seconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Seconds since 1970 by the system's clock, which may be set back.
    public static func sinceEpoch() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
