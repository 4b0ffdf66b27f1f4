internal import CLMDB
internal import Glibc

/// A return code of LMDB or errno, with the call it came from.
struct LMDBError: Error, Equatable {
  var code: Int32
  var call: String

  init(_ code: Int32, _ call: String) {
    self.code = code
    self.call = call
  }

  var text: String { unsafe "\(call): \(String(cString: mdb_strerror(code)))" }

  /// What the store's caller has to know of it.
  ///
  /// Only a write that found no room leaves the file as it was for certain; damage is what LMDB found
  /// wrong in a page. Whatever else fails may have failed in a sync, and is final.
  func storeError(in database: Database? = nil) -> StoreError {
    switch code {
    case MDB_MAP_FULL, MDB_TXN_FULL: .full("the data file has reached its largest size")
    case ENOSPC, EDQUOT: .diskFull(text)
    case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_CURSOR_FULL, MDB_BAD_VALSIZE:
      .damaged(database: database?.name ?? "data.mdb", key: "a page")
    default: .ioFailed(text)
    }
  }
}

/// Throws unless `code` is zero.
func check(_ code: Int32, _ call: @autoclosure () -> String) throws(LMDBError) {
  guard code == 0 else { throw LMDBError(code, call()) }
}
