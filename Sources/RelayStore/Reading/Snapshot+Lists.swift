package import RelayModel

/// One page of a list, the newest first.
package struct ListPage<Item: Sendable>: Sendable {
  package var items: [Item]
  /// Where the next page begins (`before:`); nil at the end. A page may have fewer items than asked
  /// for, even none, when many records had to be looked at: go on with `next`.
  package var next: RecordKey?

  package init(items: [Item], next: RecordKey?) {
    self.items = items
    self.next = next
  }
}

/// What a list of executions is narrowed to.
package struct ExecutionFilter: Sendable, Hashable {
  /// Empty stands for every status.
  package var statuses: Set<ExecutionStatus>
  package var workflow: String?
  package var hook: String?
  /// Made at or after.
  package var since: Timestamp?
  /// Only dead letters.
  package var deadLetters: Bool

  package init(
    statuses: Set<ExecutionStatus> = [], workflow: String? = nil, hook: String? = nil,
    since: Timestamp? = nil,
    deadLetters: Bool = false
  ) {
    self.statuses = statuses
    self.workflow = workflow
    self.hook = hook
    self.since = since
    self.deadLetters = deadLetters
  }

  func matches(_ record: ExecutionRecord) -> Bool {
    record.strand == nil
      && (statuses.isEmpty || statuses.contains(record.status))
      && (workflow == nil || workflow == record.workflow)
      && (hook == nil || hook == record.hook) && (!deadLetters || record.isDeadLetter)
  }
}

package struct ListedExecution: Sendable {
  package let key: RecordKey
  package let record: ExecutionRecord

  package init(key: RecordKey, record: ExecutionRecord) {
    self.key = key
    self.record = record
  }
}

package struct ListedEvent: Sendable {
  package let key: RecordKey
  package let record: EventRecord

  package init(key: RecordKey, record: EventRecord) {
    self.key = key
    self.record = record
  }
}

package struct ListedRejection: Sendable {
  package let key: RecordKey
  package let record: RejectedRecord

  package init(key: RecordKey, record: RejectedRecord) {
    self.key = key
    self.record = record
  }
}

extension Snapshot {
  /// Executions below `before`, the newest first. Damaged ones are left out; the checker names them.
  package func executions(
    _ filter: ExecutionFilter, before: RecordKey?, limit: Int
  ) throws(StoreError) -> ListPage<ListedExecution> {
    let (database, prefix) = source(for: filter)
    return try list(database, prefix: prefix, before: before, since: filter.since, limit: limit) {
      key throws(StoreError) in
      guard let record: ExecutionRecord = try record(.executions, KeyBytes(key)), filter.matches(record)
      else {
        return nil
      }
      return ListedExecution(key: key, record: record)
    }
  }

  /// Accepted events below `before`, the newest first.
  package func events(
    hook: String? = nil, before: RecordKey?, since: Timestamp? = nil, limit: Int
  ) throws(StoreError) -> ListPage<ListedEvent> {
    try list(.events, prefix: KeyBytes(), before: before, since: since, limit: limit) {
      key throws(StoreError) in
      guard let record = try eventRecord(key), hook == nil || record.hook == hook else { return nil }
      return ListedEvent(key: key, record: record)
    }
  }

  /// Refused requests below `before`, the newest first.
  package func rejected(
    hook: String? = nil, before: RecordKey?, limit: Int
  ) throws(StoreError) -> ListPage<ListedRejection> {
    let prefix = hook.map { KeyBytes($0) } ?? KeyBytes()
    return try list(
      hook == nil ? .rejected : .rejectedByHook, prefix: prefix, before: before, since: nil, limit: limit
    ) { key throws(StoreError) in
      guard let record = try rejected(key) else { return nil }
      return ListedRejection(key: key, record: record)
    }
  }

  package func rejected(_ key: RecordKey) throws(StoreError) -> RejectedRecord? {
    try record(.rejected, KeyBytes(key))
  }

  /// The index that has the fewest others in it.
  private func source(for filter: ExecutionFilter) -> (Database, KeyBytes) {
    if filter.deadLetters { return (.byStatus, StatusClass.deadLetter.prefix) }
    if filter.statuses == [.failed] { return (.byStatus, StatusClass.failed.prefix) }
    if filter.statuses == [.cancelled] { return (.byStatus, StatusClass.cancelled.prefix) }
    if filter.statuses == [.running] { return (.running, KeyBytes()) }
    if filter.statuses == [.succeeded], let workflow = filter.workflow {
      return (.byWorkflow, KeyBytes(workflow))
    }
    return (.executions, KeyBytes())
  }

  /// Walks keys `prefix ‖ record key` downwards.
  private func list<Item>(
    _ database: Database, prefix: KeyBytes, before: RecordKey?, since: Timestamp?, limit: Int,
    _ item: (RecordKey) throws(StoreError) -> Item?
  ) throws(StoreError) -> ListPage<Item> {
    var page = ListPage<Item>(items: [], next: nil)
    let lowest = since.map { RecordKey(lowestAt: $0) } ?? RecordKey(rawValue: 0)
    var above = prefix
    above.add((before ?? RecordKey(rawValue: .max)).rawValue)
    let cursor = try cursor(database)
    var entry = try cursor.seek(before: above)
    var visits = 0
    var last = before
    while let found = entry, found.starts(with: prefix) {
      let key = found.recordKey(at: prefix.count)
      guard key >= lowest else { break }
      guard page.items.count < limit, visits < StoreLimits.listVisits else {
        page.next = last
        break
      }
      visits += 1
      last = key
      do throws(StoreError) {
        if let item = try item(key) { page.items.append(item) }
      } catch .damaged {
        // Left out of the list; `doctor --store` and `health.damaged` speak of it.
      }
      entry = try cursor.previous()
    }
    return page
  }
}

extension StatusClass {
  var prefix: KeyBytes {
    var key = KeyBytes()
    key.add(rawValue)
    return key
  }
}
