extension CubePlace {
    /// Opens the cubes of several resolutions; what does not depend on one another is asked for at the same time.
    ///
    /// So it takes two round trips of a distant store instead of some fifty.
    func vouchedCubes(_ resolutions: [Resolution], on executor: BlockingExecutor) async throws -> [Resolution: Cube] {
        let stores = resolutions.map { PrefetchedStore(vouchedStore($0)) }
        let paths = resolutions.map { path(of: $0) }
        try await executor.forEach(resolutions.count) { number in
            try stores[number].fetch(ObjectKey.join(paths[number], MetadataDocument.name))
        }
        let keys = try await executor.run {
            try zip(stores, paths).flatMap { store, path in
                try Cube.coordinateKeys(store, path: path).map { (store, $0) }
            }
        }
        try await executor.forEach(keys.count) { try keys[$0].0.fetch(keys[$0].1) }
        return try await executor.run {
            var cubes: [Resolution: Cube] = [:]
            for (number, resolution) in resolutions.enumerated() {
                cubes[resolution] = try Cube.open(stores[number], path: paths[number])
            }
            return cubes
        }
    }
}
