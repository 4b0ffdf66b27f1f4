import RelayDocuments
import RelaySignatures
import Testing

/// The vectors that lie beside the repository: every line gives what it expects.
@Suite struct SharedVectorTests {
  @Test(.enabled(if: SharedFiles.exists("signatures/vectors.jsonl")))
  func `every shared vector gets the answer that it expects`() throws {
    let text = try #require(SharedFiles.read("signatures/vectors.jsonl"))
    var count = 0
    for line in text.split(separator: 10) {
      let vector = try JSON.parse(Array(line))
      let answer = VectorLine.answer(Array(line))
      let name = "\(vector["provider"]?.string ?? "")/\(vector["name"]?.string ?? "")"
      let isRight = answer["accepted"]?.bool == (vector["expect"]?.string == "accept")
      #expect(isRight, "\(name): \(vector["reason"]?.string ?? "") → \(answer.text)")
      #expect(answer["reason"]?.string != "bad_input", "\(name) → \(answer.text)")
      count += 1
    }
    #expect(count > 2000)
  }
}
