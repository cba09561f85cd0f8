/// Brings one plane of loaded DN to where the caller wants it, as what the caller wants.
struct PlaneCopy: Sendable {
    let width: Int
    let height: Int
    let destination: PixelDestination
    /// Bytes from the destination's first pixel to the plane's.
    let start: Int
    /// DN to add, and what to divide by then; of use for reflectances only.
    let offset: Float
    let quantification: Float

    /// Writes all pixels of the plane.
    func write(_ plane: UnsafeMutableBufferPointer<UInt16>) {
        guard let source = plane.baseAddress else { return }
        for row in 0..<height {
            let target = unsafe destination.memory + start + row * destination.strides[2]
            unsafe write(row: source + row * width, to: target)
        }
    }

    private func write(row source: UnsafePointer<UInt16>, to target: UnsafeMutableRawPointer) {
        let step = destination.strides[3]
        switch (destination.content, step == destination.content.elementBytes) {
        case (.digitalNumbers, true):
            unsafe target.copyMemory(from: source, byteCount: width * 2)
        case (.digitalNumbers, false):
            for x in 0..<width { unsafe target.storeBytes(of: source[x], toByteOffset: x * step, as: UInt16.self) }
        case (.reflectance, true):
            let values = unsafe target.assumingMemoryBound(to: Float.self)
            for x in 0..<width { unsafe values[x] = reflectance(source[x]) }
        case (.reflectance, false):
            for x in 0..<width {
                unsafe target.storeBytes(of: reflectance(source[x]), toByteOffset: x * step, as: Float.self)
            }
        }
    }

    // Both marks at once: 0 becomes the largest number when 1 is taken from it, and 65535 comes right before it.
    @inline(__always)
    private func reflectance(_ number: UInt16) -> Float {
        number &- 1 >= UInt16(ProductMetadata.saturatedValue - 1)
            ? Float.nan : (Float(number) + offset) / quantification
    }
}
