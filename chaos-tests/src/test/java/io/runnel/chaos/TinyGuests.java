package io.runnel.chaos;

import java.util.HexFormat;

/** Guests too small to have a source of their own. */
final class TinyGuests {
    /**
     * Answers how often it was called, as far as its memory tells:
     *
     * <pre>{@code
     * (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
     * (memory (export "memory") 1)
     * (data (i32.const 8) "Status: 200\n\n0")
     * (func (export "_start")
     *   (i32.store8 (i32.const 21) (i32.add (i32.load8_u (i32.const 21)) (i32.const 1)))
     *   (i32.store (i32.const 0) (i32.const 8))
     *   (i32.store (i32.const 4) (i32.const 14))
     *   (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 40))))
     * }</pre>
     */
    private static final String COUNTER =
            "0061736d01000000010c0260047f7f7f7f017f60000002230116776173695f736e617073686f745f"
                + "70726576696577310866645f77726974650000030201010503010001071302066d656d6f72790200"
                + "065f737461727400010a2a012800411541152d000041016a3a0000410041083602004104410e3602"
                + "00410141004101412810001a0b0b14010041080b0e5374617475733a203230300a0a30";

    /** {@code (module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))}. */
    private static final String SPIN =
            "0061736d01000000010401600000030201000503010001071302066d656d6f72790200065f73746172"
                    + "7400000a0901070003400c000b0b";

    /** As {@link #COUNTER}, which answers that it failed. */
    private static final String FAILING =
            COUNTER.replace("5374617475733a20323030", "5374617475733a20353030");

    /**
     * Says why in its log, and ends with an error:
     *
     * <pre>{@code
     * (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
     * (import "wasi_snapshot_preview1" "proc_exit" (func $x (param i32)))
     * (memory (export "memory") 1)
     * (data (i32.const 8) "why\n")
     * (func (export "_start")
     *   (i32.store (i32.const 0) (i32.const 8))
     *   (i32.store (i32.const 4) (i32.const 4))
     *   (drop (call $w (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 40)))
     *   (call $x (i32.const 9)))
     * }</pre>
     */
    private static final String ENDING =
            "0061736d0100000001100360047f7f7f7f017f60017f0060000002460216776173695f736e617073"
                + "686f745f70726576696577310866645f7772697465000016776173695f736e617073686f745f7072"
                + "6576696577310970726f635f657869740001030201020503010001071302066d656d6f7279020006"
                + "5f737461727400020a21011f004100410836020041044104360200410241004101412810001a4109"
                + "10010b0b0a010041080b047768790a";

    private TinyGuests() {}

    /** Says {@code why} in its log, and ends with code 9. */
    static byte[] ending() {
        return HexFormat.of().parseHex(ENDING);
    }

    /** Answers how often its memory was used, in one digit. */
    static byte[] counting() {
        return HexFormat.of().parseHex(COUNTER);
    }

    /** Never ends by itself. */
    static byte[] spinning() {
        return HexFormat.of().parseHex(SPIN);
    }

    /** Answers that it failed. */
    static byte[] failing() {
        return HexFormat.of().parseHex(FAILING);
    }
}
