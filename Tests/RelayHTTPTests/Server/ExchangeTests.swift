import RelayHTTP
import Synchronization
import Testing

@Suite struct ExchangeTests {
  @Test func `an answer arrives once, and dropping the exchange afterwards adds none`() {
    let answers = Mutex<[Int]>([])
    do {
      let exchange = Exchange { response in answers.withLock { $0.append(response.status) } }
      exchange.answer(HTTPResponse(status: 202))
    }
    #expect(answers.withLock { $0 } == [202])
  }

  @Test func `an exchange that is dropped answers 503`() {
    let answers = Mutex<[Int]>([])
    do { _ = Exchange { response in answers.withLock { $0.append(response.status) } } }
    #expect(answers.withLock { $0 } == [503])
  }
}
