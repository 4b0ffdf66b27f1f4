package import RelayModel

/// What can go wrong with the store, each with one answer.
package enum StoreError: Error, Sendable, Equatable {
  /// Refuse (503) and let the sender come again: the mailbox or the file is full. Advances and
  /// deletes still work.
  case full(String)
  /// Refuse (503) and let the sender come again: the disk has no room.
  case diskFull(String)
  /// Stop: a sync failed, so what the disk holds is unknown. Nothing is retried; exit non-zero, and
  /// let the next start verify.
  case ioFailed(String)
  /// Set aside: the record's checksum or form is wrong. `petrel doctor --store` names the fix.
  case damaged(database: String, key: String)
  /// Refuse to start (75): another process has the folder.
  case busy(path: String)
  /// Refuse to start: the folder was written by a newer Petrel.
  case newerFormat(found: Int, supported: Int)
  /// Refuse to start: the folder cannot be used; `why` says what to do.
  case unusable(path: String, why: String)
  /// Refuse: the store is closing or closed.
  case closing

  /// One sentence for people: what failed, on what, and what to do.
  package var message: String {
    switch self {
    case .full(let why): "The store takes no new events at present: \(why)."
    case .diskFull(let why): "The disk is full: \(why). Free some space; the relay goes on by itself."
    case .ioFailed(let why):
      "The disk failed: \(why). The relay stops; check the disk, then `petrel doctor --store`."
    case .damaged(let database, let key):
      "The record \(key) in \(database) is damaged. Run `petrel doctor --store` for the way to mend it."
    case .busy(let path):
      "\(path) is in use by another petrel process. Stop it first, or use another data folder."
    case .newerFormat(let found, let supported):
      "The data folder has format \(found), this petrel reads up to \(supported). Install the newer petrel."
    case .unusable(let path, let why): "\(path) cannot be used: \(why)."
    case .closing: "The store is closing."
    }
  }
}

/// How full the file is.
package struct StoreUse: Sendable, Equatable {
  /// In pages that hold something.
  package var live: ByteCount
  /// In pages inside the file that hold nothing, and are used again first.
  package var free: ByteCount
  /// What the file never passes.
  package var limit: ByteCount

  package init(live: ByteCount, free: ByteCount, limit: ByteCount) {
    self.live = live
    self.free = free
    self.limit = limit
  }

  package func isOver(_ share: Double) -> Bool { Double(live.bytes) > Double(limit.bytes) * share }
}

/// How the store does, for readiness and for pages.
package struct StoreHealth: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    case accepting
    /// New events are refused until there is room again.
    case full(String)
    /// Finished: the process must exit.
    case failed(String)
  }

  package var state: State
  /// Pages in use, in bytes: free pages inside the file do not count.
  package var used: ByteCount
  /// What the file never passes.
  package var limit: ByteCount
  /// Records found damaged and set aside, all time.
  package var damaged: Int

  package init(state: State, used: ByteCount, limit: ByteCount, damaged: Int) {
    self.state = state
    self.used = used
    self.limit = limit
    self.damaged = damaged
  }
}
