package import RelayModel

extension Store {
  /// Writes the store anew without its free pages and puts it in place of the old file: LMDB itself never
  /// gives room back. Commits wait meanwhile, for as long as reading and writing what is in use; looks
  /// that have begun end on the old file. Needs as much room on the disk as is in use.
  ///
  /// Answers the file's size before and after.
  package func compact() throws(StoreError) -> (before: ByteCount, after: ByteCount) {
    let answer = AwaitedAnswer<CompactedSizes>()
    runBetweenCommits { [self] in
      do throws(StoreError) {
        answer.put(.success(try exchangeFile()))
      } catch {
        answer.put(.failure(error))
      }
    }
    let sizes = try answer.wait().get()
    return (ByteCount(sizes.before), ByteCount(sizes.after))
  }

  /// Copies the data file as the last commit left it, compacted. Any thread.
  func copyFile(to directory: String) throws(StoreError) {
    let environment = try opened()
    do throws(LMDBError) { try environment.copy(to: directory) } catch { throw error.storeError() }
  }

  private func exchangeFile() throws(StoreError) -> CompactedSizes {
    let old = try opened()
    let folder = "\(configuration.directory)/compacting"
    let fresh = "\(folder)/\(Environment.fileName)"
    let file = "\(configuration.directory)/\(Environment.fileName)"
    try Files.remove(fresh)
    try Files.removeFolder(folder)
    try Files.makeEmptyFolder(folder)
    try copyFile(to: folder)
    try Files.settle(fresh)
    let before = try Files.size(of: file)
    let after = try Files.size(of: fresh)
    try room.growth.pausing { () throws(StoreError) in
      try Files.rename(fresh, to: file)
      do throws(StoreError) {
        try openInPlace(of: old)
      } catch {
        // What was committed from now on would go to a file without a name.
        fail(error)
        throw error
      }
    }
    try Files.removeFolder(folder)
    return CompactedSizes(before: before, after: after)
  }
}

extension Store {
  fileprivate func openInPlace(of old: Environment) throws(StoreError) {
    try Files.syncFolder(configuration.directory)
    // The old file keeps its lock table for those who still look at it; the new one makes its own.
    try Files.remove("\(configuration.directory)/\(Environment.lockFileName)")
    replace(with: try OpenedStore.environment(old.folder, configuration))
  }
}

struct CompactedSizes: Sendable {
  let before: Int
  let after: Int
}
