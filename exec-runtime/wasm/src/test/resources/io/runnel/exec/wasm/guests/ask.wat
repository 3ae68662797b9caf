;; Gets the URL that its input is, saying that it means to ask who it is, and writes the body of the
;; answer; ends with the error's number without its sign if there is no answer, with its status if that
;; is not 200.
(module
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "runnel@1" "http_send"
    (func $send (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "runnel@1" "http_status" (func $status (param i32) (result i32)))
  (import "runnel@1" "http_read" (func $body (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "GET")
  (data (i32.const 32) "Runnel-Identity: true\n")
  (func $read_url (result i32)
    (i32.store (i32.const 0) (i32.const 1024))
    (i32.store (i32.const 4) (i32.const 8192))
    (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
    (i32.load (i32.const 8)))
  (func $must (param $result i32)
    (if (i32.lt_s (local.get $result) (i32.const 0))
      (then (call $exit (i32.sub (i32.const 0) (local.get $result))))))
  (func (export "_start")
    (local $handle i32)
    (local $got i32)
    (local.set $handle
      (call $send (i32.const 16) (i32.const 3) (i32.const 1024) (call $read_url)
        (i32.const 32) (i32.const 22) (i32.const 0) (i32.const 0)))
    (call $must (local.get $handle))
    (loop $more
      (local.set $got
        (call $body (local.get $handle) (i32.const 16384) (i32.const 1024)))
      (call $must (local.get $got))
      (i32.store (i32.const 0) (i32.const 16384))
      (i32.store (i32.const 4) (local.get $got))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br_if $more (local.get $got)))
    (if (i32.ne (call $status (local.get $handle)) (i32.const 200))
      (then (call $exit (call $status (local.get $handle)))))))
