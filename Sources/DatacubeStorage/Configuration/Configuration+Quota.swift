extension Configuration {
    /// What a storage takes, as far as the site file or the user says.
    ///
    /// - Throws: ``PipelineError`` naming the variable whose value is no number or size.
    public func quota(_ storage: Storage) throws(PipelineError) -> StorageQuota {
        StorageQuota(
            files: try number(.fileQuota(storage), such: "500000") { Int(digits: $0.utf8) },
            bytes: try number(.byteQuota(storage), such: "250GiB or 10TB", ByteSize.parse)
        )
    }

    private func number(
        _ variable: Variable,
        such example: String,
        _ parse: (String) -> Int?
    ) throws(PipelineError) -> Int? {
        guard let text = try setting(variable)?.value else { return nil }
        if let number = parse(text), number > 0 { return number }
        throw PipelineError(.configuration, "\(variable.name)=\(text) is not \(variable.purpose), such as \(example)")
    }
}
