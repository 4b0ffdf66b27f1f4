package import RelayAdmin
internal import RelayIngress
package import RelayModel
internal import RelaySignatures
internal import RelayStore
internal import Synchronization

extension Relay {
  package func rejudge(_ key: RecordKey) throws(ControlError) -> RejudgeOutcome {
    let (record, hook, generation) = try rejected(key)
    guard record.isWhole else {
      throw .conflict("The body was cut when it was kept: it cannot be judged again.")
    }
    guard let verifier = hook.gate.verifier else {
      throw .conflict("The hook \(hook.name) has no secret yet.")
    }
    let signed = generation.catalog.signedRequest(record.request, for: hook)
    do {
      // As of the time it came: the signature was fresh then.
      let verified = try verifier.verify(signed, at: record.request.receivedAt)
      let enqueue = try Acceptance(catalog: generation.catalog, hook: hook)
        .enqueue(record.request, signed, verified, now: time.now())
      guard let answer = try store.perform(Readmit(rejected: key, enqueue: enqueue)) else {
        throw ControlError.notFound("It is not in the ring any more.")
      }
      return .admitted(event: answer.event, executions: answer.executions, duplicate: answer.duplicate)
    } catch let refusal as Refusal {
      return .refused(refusal)
    } catch let error as ControlError {
      throw error
    } catch let error as StoreError {
      throw .unavailable(error.message)
    } catch {
      throw .unavailable("\(error)")
    }
  }

  /// The refused request, the hook as it is now, and its generation.
  func rejected(_ key: RecordKey) throws(ControlError) -> (RejectedRecord, IngressHook, Generation) {
    guard let record = try read({ (snapshot) throws(StoreError) in try snapshot.rejected(key) }) else {
      throw .notFound(
        "There is no refused request \(store.tag.id(.rejected, key)): the ring keeps the latest.")
    }
    let generation = state.withLock { $0.generation }
    guard let hook = generation.catalog.hooks[record.hook] else {
      throw .conflict("The hook \(record.hook) is not configured any more.")
    }
    return (record, hook, generation)
  }
}
