extension HTTPRequest {
    /// The request to send next when the response points elsewhere, or nil when it is the answer.
    ///
    /// Fields that could carry a secret stay with the origin they were meant for, and a connection that was encrypted
    /// stays so.
    func redirected(by response: HTTPResponse) throws(PipelineError) -> HTTPRequest? {
        guard followsRedirects, [301, 302, 307, 308].contains(response.status),
            method == .get || method == .head || response.status >= 307, let location = response.fields["Location"]
        else { return nil }
        var next = self
        next.url = try CurlURL.resolve(location, against: url)
        let origin = try HTTPOrigin(url)
        let target = try HTTPOrigin(next.url)
        guard target.scheme == "https" || origin.scheme == "http" else {
            throw PipelineError(.denied, "\(url) redirects to \(target), which is not encrypted; refused")
        }
        if target != origin {
            next.fields.removeAll {
                ["authorization", "cookie", "proxy-authorization"].contains($0) || $0.hasPrefix("x-amz-")
            }
        }
        return next
    }
}
