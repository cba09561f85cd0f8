// https://curl.se/libcurl/c/
import CCurl

/// Owns one easy handle.
///
/// Wraps `curl_easy_init` and `curl_easy_setopt`.
@safe struct CurlEasy: ~Copyable {
    let handle: UnsafeMutableRawPointer
    // libcurl writes its words here while the handle is in use.
    private let errorText: UnsafeMutablePointer<CChar>

    init() throws(PipelineError) {
        CurlLibrary.initialize()
        guard let handle = unsafe curl_easy_init() else {
            throw PipelineError(.system, "libcurl has no memory for a request")
        }
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe text.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        _ = unsafe curl_easy_set_pointer(handle, CURLOPT_ERRORBUFFER, text)
        unsafe self.handle = handle
        unsafe errorText = text
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe errorText.deallocate()
    }

    /// libcurl's words about a failure, or its text for the code when it left none.
    func message(for code: CURLcode) -> String {
        let text = unsafe String(cString: errorText)
        return text.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : text
    }

    func set(_ option: CURLoption, _ value: Int) throws(PipelineError) {
        try check(option, unsafe curl_easy_set_long(handle, option, value))
    }

    func set(_ option: CURLoption, offset value: Int) throws(PipelineError) {
        try check(option, unsafe curl_easy_set_offset(handle, option, curl_off_t(value)))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) throws(PipelineError) {
        try unsafe check(option, value.withCString { unsafe curl_easy_set_pointer(handle, option, $0) })
    }

    /// The memory must stay valid as long as the handle is in use.
    func setPointer(_ option: CURLoption, _ value: UnsafeRawPointer?) throws(PipelineError) {
        try check(option, unsafe curl_easy_set_pointer(handle, option, value))
    }

    func setStream(_ option: CURLoption, _ function: curl_write_callback) throws(PipelineError) {
        try check(option, unsafe curl_easy_set_stream(handle, option, function))
    }

    func setSeek(_ function: curl_seek_callback) throws(PipelineError) {
        try check(CURLOPT_SEEKFUNCTION, unsafe curl_easy_set_seek(handle, function))
    }

    /// Lets URLs ask for nothing but HTTP, with TLS or without.
    func allowOnlyHTTP() throws(PipelineError) {
        try check("for protocols", unsafe curl_easy_set_protocols_to_http(handle))
    }

    /// A size or a time in microseconds; 0 when libcurl does not know.
    func number(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return unsafe curl_easy_get_offset(handle, info, &value) == CURLE_OK ? Int(value) : 0
    }

    private func check(_ option: CURLoption, _ code: CURLcode) throws(PipelineError) {
        try check("\(option.rawValue)", code)
    }

    private func check(_ option: @autoclosure () -> String, _ code: CURLcode) throws(PipelineError) {
        guard code != CURLE_OK else { return }
        throw PipelineError(
            .system,
            "libcurl refuses the option \(option()); it is older than the one that the tools were built with",
            cause: unsafe String(cString: curl_easy_strerror(code))
        )
    }
}

/// A list of header lines; freed when it goes out of scope.
@safe struct CurlHeaderList: ~Copyable {
    let pointer: UnsafeMutablePointer<curl_slist>?

    init(_ lines: [String]) throws(PipelineError) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = unsafe curl_slist_append(list, line) else {
                unsafe curl_slist_free_all(list)
                throw PipelineError(.system, "libcurl has no memory for a request")
            }
            unsafe list = longer
        }
        unsafe pointer = list
    }

    deinit { unsafe curl_slist_free_all(pointer) }
}

/// The library's own start, once a process.
enum CurlLibrary {
    private static let status = curl_global_init(Int(CURL_GLOBAL_ALL))

    static func initialize() { precondition(status == CURLE_OK, "curl_global_init failed: no memory for TLS") }
}
