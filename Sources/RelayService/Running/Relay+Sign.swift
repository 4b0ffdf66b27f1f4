package import RelayAdmin
internal import RelayCrypto
internal import RelayIngress
internal import RelayModel
internal import RelaySignatures
internal import Synchronization

extension Relay {
  package func sign(_ sample: SampleRequest) throws(ControlError) -> SignedSample {
    let (generation, listen) = state.withLock { ($0.generation, $0.listen) }
    guard let hook = generation.catalog.hooks[sample.hook] else {
      throw .notFound("There is no hook \(sample.hook).")
    }
    guard let verifier = hook.gate.verifier else {
      throw .conflict("The hook \(sample.hook) has no secret yet: its provider hands it over.")
    }
    let written = generation.configuration.listen
    let bound = Listener(listen) ?? written
    let origin = "\(written.tls == nil ? "http" : "https")://\(bound.reachableAddress)"
    let headers = HeaderFields(
      [("Host", bound.reachableAddress)] + sample.headers.all.map { ($0.name, $0.value) })
    let request = IncomingRequest(
      method: "POST", target: "/hooks/\(sample.hook)", headers: headers, body: sample.body,
      receivedAt: time.now(), client: "127.0.0.1")
    do throws(SignatureError) {
      let signed = try Signer(verifier.configuration).sign(
        generation.catalog.signedRequest(request, for: hook), at: time.now(),
        id: "msg_" + Base62.text(SecureRandom().bits(), width: 11))
      return SignedSample(url: "\(origin)/hooks/\(sample.hook)", headers: signed)
    } catch {
      throw .invalid("\(error)")
    }
  }
}
