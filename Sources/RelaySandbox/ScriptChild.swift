internal import CLua
internal import Glibc

/// The other side of the sandbox: this very program, started again to run scripts and nothing else.
package enum ScriptChild {
  /// Runs scripts and never returns, where the program was started for that; else does nothing. First thing in
  /// `main`, before there is a second thread or an open file.
  package static func serveIfAsked(_ arguments: [String]) {
    guard arguments.count == 3, arguments[1] == argument, let parent = pid_t(arguments[2]) else { return }
    petrel_serve_scripts(parent)
  }

  static let argument = unsafe String(cString: petrel_script_argument())
}
