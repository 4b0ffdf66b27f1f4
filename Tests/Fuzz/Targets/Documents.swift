internal import RelayDocuments
internal import RelayExpressions
internal import RelayModel
internal import RelayWorkflow

extension FuzzTarget {
  /// What is read is written so that it is read as the same, and written the same again.
  static let json = FuzzTarget(
    name: "json",
    seeds: [
      #"{"a":[1,-0.5e+10,true,false,null,"é\u00e9\ud83d\ude00\n"],"b":{"c":{}}}"#, "[[[[[[]]]]]]", "1.10",
      "\"\"",
      #"{"a":1,"a":2}"#, "[1,]", "\u{FEFF}{}", "123456789012345678901234567890",
    ]
  ) { bytes in
    for duplicates in [DuplicateMembers.refuse, .keepLast] {
      guard let value = try? JSON.parse(bytes, duplicates: duplicates) else { continue }
      let written = value.serialized()
      let again = try? JSON.parse(written)
      precondition(again == value, "what was written is read as something else")
      precondition(again?.serialized() == written, "what was read is written in another way")
      if duplicates == .refuse, let node = try? DocumentNode.parse(json: bytes, file: "f.json") {
        precondition(node.json == value, "the same text has another value with positions")
      }
    }
  }

  /// A document as JSON, which is YAML as well, has the same value.
  static let yaml = FuzzTarget(
    name: "yaml",
    seeds: [
      "a: 1\nb: [x, 'y', \"z\\n\"]\nc: {d: null, e: ~}\n", "- &a {x: 1}\n- *a\n",
      "a: |\n  text\n  more\nb: >-\n  folded\n",
      "!!str 1", "? a\n: b\n", "---\na: 0x1F\nb: .inf\nc: 0o17\n...\n", "a: b: c", "<<: {a: 1}",
      "hooks:\n  x: {verify: none}\n",
    ]
  ) { bytes in
    guard let node = try? DocumentNode.parse(yaml: bytes, file: "f.yaml") else { return }
    let written = node.json.serialized()
    // libyaml ends a line where YAML 1.1 did, JSON does not: such text is not the same in both.
    let breaks: [Unicode.Scalar] = ["\u{85}", "\u{2028}", "\u{2029}"]
    guard !String(decoding: written, as: UTF8.self).unicodeScalars.contains(where: breaks.contains) else {
      return
    }
    guard let again = try? DocumentNode.parse(yaml: written, file: "f.yaml") else { return }
    precondition(again.json == node.json, "a document has another value when it is written as JSON")
  }

  /// The first byte says what the body calls itself.
  static let event = FuzzTarget(
    name: "event",
    seeds: [
      #"0{"a":[1,{"b":2}]}"#, "1a=1&a=2&b=%20+%zz&c", "2text \u{FFFD}", "3<a/>",
      "4--b\r\nContent-Disposition: x\r\n\r\n1\r\n--b--",
    ]
  ) { bytes in
    let types = [
      "application/json", "application/x-www-form-urlencoded", "text/plain; charset=utf-8", "application/xml",
      "multipart/form-data; boundary=b", "application/vnd.x+json",
    ]
    guard let first = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    let request = IncomingRequest(
      method: "POST", target: "/hooks/x?\(text(rest.prefix(64)) ?? "")",
      headers: HeaderFields([("Content-Type", types[Int(first) % types.count])]), body: rest,
      receivedAt: .epoch,
      client: "192.0.2.1")
    let value = EventValue(id: "evt_1", type: nil, hook: "x", request: request)
    let written = Value.object(value).asJSON.serialized()
    precondition((try? JSON.parse(written)) != nil, "an event has no JSON form")
  }
}
