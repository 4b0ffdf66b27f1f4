internal import RelayModel

/// Keeps how a destination's breaker stands; nil forgets it.
package struct PutBreaker: Transition {
  package var destination: String
  package var record: BreakerRecord?

  package init(destination: String, record: BreakerRecord?) {
    self.destination = destination
    self.record = record
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    let key = KeyBytes(String(destination.prefix(200)))
    if let record {
      try transaction.put(.breakers, key, record)
    } else {
      try transaction.delete(.breakers, key)
    }
  }
}

/// Stores a sealed secret under a name, in place of an earlier one.
package struct PutSecret: Transition {
  package var name: String
  package var secret: SealedSecret

  package init(name: String, secret: SealedSecret) {
    self.name = name
    self.secret = secret
  }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.put(.secrets, KeyBytes(name), secret)
  }
}

/// Deletes a secret. False when there is none of that name.
package struct DeleteSecret: Transition {
  package var name: String

  package init(name: String) { self.name = name }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> Bool {
    try transaction.delete(.secrets, KeyBytes(name))
  }
}

/// Stores an admin API token's record.
package struct PutToken: Transition {
  package var token: TokenRecord

  package init(token: TokenRecord) { self.token = token }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    try transaction.put(.tokens, KeyBytes(token.id), token)
  }
}

/// Revokes a token by its id. False when there is none.
package struct RevokeToken: Transition {
  package var id: String

  package init(id: String) { self.id = id }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) -> Bool {
    try transaction.delete(.tokens, KeyBytes(id))
  }
}

/// Writes down who did what. The oldest go beyond `StoreLimits.auditRecords`.
package struct AppendAudit: Transition {
  package var record: AuditRecord

  package init(record: AuditRecord) { self.record = record }

  package func apply(_ transaction: inout WriteTransaction) throws(StoreError) {
    transaction.state.lastAudit += 1
    try transaction.append(.audit, KeyBytes(transaction.state.lastAudit), record)
    transaction.state.auditRecords += 1
    while transaction.state.auditRecords > StoreLimits.auditRecords {
      let oldest = transaction.state.lastAudit - UInt64(transaction.state.auditRecords) + 1
      try transaction.delete(.audit, KeyBytes(oldest))
      transaction.state.auditRecords -= 1
    }
  }
}
