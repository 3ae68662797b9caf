package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.HexFormat;

/**
 * A task that needs its slot for some time and no processor: it waits by the monotonic clock, then
 * answers {@code waited}. Made of {@code pop-node/src/bench/wait.wat}.
 */
public final class WaitingGuest {
    private static final String BEFORE =
            "0061736d01000000010c0260047f7f7f7f017f60000002480216776173695f736e"
                    + "617073686f745f70726576696577310b706f6c6c5f6f6e656f66660000167761"
                    + "73695f736e617073686f745f70726576696577310866645f7772697465000003"
                    + "020101050301000107130206"
                    + "6d656d6f72790200065f737461727400020a3a013800411842";
    private static final String AFTER =
            "370300410041c00041014180011000"
                    + "1a41c00141800236020041c4014121360200410141c001410141c80110011a0b0b2e02"
                    + "0041100b0101004180020b21436f6e74656e742d547970653a20746578742f706c6169"
                    + "6e0a0a7761697465640a";

    /** Five bytes of seven bits each, the last with a sign. */
    private static final int NUMBER_BYTES = 5;

    private WaitingGuest() {}

    /** The module of one that waits for so long, up to 17 s. */
    public static byte[] module(Duration wait) {
        StringBuilder hex = new StringBuilder(BEFORE);
        long rest = wait.toNanos();
        for (int i = 0; i < NUMBER_BYTES; i++) {
            int more = i < NUMBER_BYTES - 1 ? 0x80 : 0;
            hex.append("%02x".formatted((rest & 0x7f) | more));
            rest >>= 7;
        }
        return HexFormat.of().parseHex(hex.append(AFTER));
    }
}
