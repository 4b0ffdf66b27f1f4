internal import Glibc

/// LMDB calls this where its file contradicts itself. It would abort the process next; ending it here
/// gives the operator a sentence and the exit status for I/O instead of a core dump. Nothing that was
/// answered is lost: what is not committed was not acknowledged.
func storeAssertionFailed(_ environment: OpaquePointer?, _ message: UnsafePointer<CChar>?) {
  let what = unsafe message.map { unsafe String(cString: $0) } ?? ""
  let text =
    "petrel: the data file is damaged (\(what)). Run `petrel doctor --offline`, or restore a backup.\n"
  let bytes = Array(text.utf8)
  _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
  _exit(74)
}
