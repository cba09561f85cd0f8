/// Runs work that blocks on stores; cancelling the task ends their calls, those to come too.
///
/// For jobs, which end with their task. A multipart upload that is cut off so cannot be aborted any more; the next job
/// does that.
func endingCallsOnCancellation<Result>(
    _ stores: [any ObjectStore],
    work: () async throws -> Result
) async rethrows -> Result {
    try await withTaskCancellationHandler(operation: work) { for store in stores { store.properties.endCalls?() } }
}
