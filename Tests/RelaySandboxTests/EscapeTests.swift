import RelayModel
import RelaySandbox
import Testing

extension RelaySandboxSuites {
  /// What scripts try, and do not get.
  @Suite struct EscapeTests {
    @Test(arguments: [
      "io", "os", "require", "package", "debug", "load", "loadfile", "loadstring", "dofile", "print", "warn",
      "collectgarbage", "string.dump", "math.randomseed",
    ])
    func `what reaches outside, loads code or differs each time is not there`(name: String) throws {
      #expect(try Trial().run("return \(name) == nil") == "true")
    }

    @Test(arguments: [
      (
        "_G",
        #"_G,_VERSION,assert,coroutine,error,getmetatable,ipairs,list,math,next,null,pairs,pcall,rawequal,rawget,rawlen,rawset,select,setmetatable,string,table,tonumber,tostring,type,utf8,xpcall"#
      )
    ])
    func `nothing else is there`(name: String, wanted: String) throws {
      let source =
        "local t = {} for k in pairs(\(name)) do t[#t + 1] = k end table.sort(t) return table.concat(t, ',')"
      #expect(try Trial().run(source) == "\"\(wanted)\"")
    }

    @Test func `a compiled chunk is refused`() throws {
      #expect(try Trial().run("\u{1B}Lua\u{54}\u{0}").contains("attempt to load a binary chunk"))
    }

    @Test func `an error says the line and the message`() throws {
      let trial = try Trial()
      #expect(
        trial.run("local a = {}\nreturn a.b.c")
          == "code_failed: script:2: attempt to index a nil value (field 'b')")
      #expect(trial.run("return (").hasPrefix("code_failed: script:1: unexpected symbol near <eof>"))
      #expect(trial.run("error('no such customer', 0)") == "code_failed: no such customer")
      #expect(trial.run("error({})") == "code_failed: an error without a text was raised: a table")
      #expect(trial.run("error(string.rep('x', 5000), 0)").utf8.count == "code_failed: ".utf8.count + 1024)
    }

    @Test(arguments: [
      "while true do end", "string.find(string.rep('a', 40), string.rep('a?', 40) .. string.rep('a', 40))",
      "local s = string.rep('a', 200000) return s:find('.-.-.-.-b')",
      "setmetatable({}, {__gc = function() while true do end end})",
      "while true do pcall(error) end", "local function f() return f() end f()",
      "local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) while true do pcall(function() return t[1] end) end",
      "repeat coroutine.wrap(function() while true do coroutine.yield() end end)() until false",
    ])
    func `a script without an end is ended at its deadline, and the next one runs`(source: String) throws {
      let trial = try Trial()
      #expect(
        trial.run(source, timeout: .milliseconds(200)) == "code_timeout: the script did not end within 200ms")
      #expect(trial.run("return 1") == "1")
    }

    @Test(arguments: [
      "return string.rep('x', 1e9)", "local s = 'x' while true do s = s .. s end",
      "local t = {} for i = 1, 1e9 do t[i] = i end", "local t = {} while true do t = {t} end",
      "return ('x'):rep(1e8, 'y')",
      "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
      "return table.concat({string.rep('x', 2e7), string.rep('y', 2e7)})",
    ])
    func `a script that wants more memory than it may have is refused it`(source: String) throws {
      let trial = try Trial()
      #expect(trial.run(source) == "code_memory: the script wanted more memory than 64MiB")
      #expect(trial.run("return 1") == "1")
    }

    @Test func `memory is what the step asks for`() throws {
      let trial = try Trial()
      #expect(trial.run("return #string.rep('x', 1e8)", memory: .mebibytes(256)) == "100000000")
      #expect(trial.run("return #string.rep('x', 1e6)", memory: .mebibytes(1)).hasPrefix("code_memory"))
      #expect(trial.run("return 1", memory: ByteCount(100)).hasPrefix("code_memory"))
    }

    @Test func `a script that is refused memory may go on without it`() throws {
      #expect(try Trial().run("return pcall(string.rep, 'x', 1e9)") == "false")
    }

    @Test(arguments: [
      ("local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x", "loop"),
      ("local f = string.gsub local function g() return f('a', 'a', g) end return g()", "stack overflow"),
      ("return string.rep('(', 300) .. load", "concatenate"),
      ("return \(String(repeating: "(", count: 500))1\(String(repeating: ")", count: 500))", "overflow"),
      ("return string.find('a', string.rep('(', 100))", "too many captures"),
      ("error(setmetatable({}, {__tostring = function() error('again') end}))", "raised: a table"),
      ("getmetatable('').__index = nil return ('x'):rep(2)", "attempt to index a string value"),
      ("return string.format('%1000000d', 1)", "invalid conversion"),
      ("return select(-1e9)", "out of range"),
      ("return table.unpack({}, 1, 1e8)", "too many results to unpack"),
    ])
    func `what breaks an interpreter breaks the script alone`(source: String, wanted: String) throws {
      let trial = try Trial()
      let result = trial.run(source)
      #expect(result.hasPrefix("code_failed: ") && result.contains(wanted), "\(result)")
      #expect(trial.run("return 1") == "1")
    }

    @Test func `a recursion without an end has one`() throws {
      let trial = try Trial()
      let source = "local function f() return 1 + f() end return f()"
      #expect(trial.run(source, memory: .mebibytes(256)).contains("stack overflow"))
      #expect(trial.run(source, memory: .mebibytes(8)).hasPrefix("code_memory"))
      #expect(trial.run("return 1") == "1")
    }

    @Test func `a value beyond the bound is refused`() throws {
      let trial = try Trial()
      #expect(
        trial.run("return string.rep('x', 5e6)") == "code_output: the script's value is larger than 4MiB")
      #expect(trial.run("return string.rep('x', 4e6)").utf8.count == 4_000_002)
    }
  }
}
