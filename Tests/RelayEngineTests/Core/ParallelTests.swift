import RelayEngine
import RelayModel
import RelayStore
import Testing

/// Branches side by side: what they come to together, through failures, crashes and retries.
@Suite struct ParallelTests {
  private func document(_ steps: String, onFailure: String = "[]") -> String {
    #"{"name":"sample","on":{"hook":"inbox"},"steps":\#(steps),"onFailure":\#(onFailure)}"#
  }

  @Test func `the output is the object of what the branches came to, whatever they do`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"fan","parallel":{
           "left":[{"id":"a","set":{"n":1}},{"id":"b","set":{"n":"{{ steps.a.n + 1 }}"}}],
           "right":[{"id":"a","if":"false","set":{"n":9}}]}},
         {"id":"after","set":{"left":"{{ steps.fan.left.n }}","right":"{{ steps.fan.right }}"}}]
        """))
    #expect(
      try bench.story(key) == [
        #"fan succeeded {"left":{"n":2},"right":null}"#,
        #"fan/left/a succeeded {"n":1}"#, #"fan/left/b succeeded {"n":2}"#, "fan/right/a skipped",
        #"after succeeded {"left":2,"right":null}"#,
      ])
  }

  @Test func `a failed branch fails the step, and a retry goes on inside it`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"fan","parallel":{
           "left":[{"id":"a","set":{"n":1}}],
           "right":[{"id":"b","if":"true","fail":"no"},{"id":"c","set":{}}]}}]
        """))
    #expect(try bench.execution(key).failure?.step == "fan/right/b")
    #expect(try bench.story(key) == ["fan failed", #"fan/left/a succeeded {"n":1}"#, "fan/right/b failed"])
    #expect(
      try bench.store.perform(RetryExecution(execution: key, now: bench.time.now())) == .retried(key))
    bench.settle()
    #expect(try bench.execution(key).failure?.step == "fan/right/b")
  }

  @Test func `a failed branch under continueOnError is the value of the step`() throws {
    let bench = try EngineBench()
    let key = try bench.accept(
      document(
        """
        [{"id":"fan","continueOnError":true,"parallel":{"x":[{"id":"b","fail":"no"}],"y":[{"id":"c","set":{}}]}},
         {"id":"after","set":{"code":"{{ steps.fan.error.code }}"}}]
        """))
    #expect(try bench.execution(key).status == .succeeded)
    #expect(try bench.story(key).last == #"after succeeded {"code":"fail"}"#)
  }
}
