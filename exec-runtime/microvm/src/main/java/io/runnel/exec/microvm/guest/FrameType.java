package io.runnel.exec.microvm.guest;

import java.util.Arrays;
import java.util.Optional;

/** What a frame of the agent's channel is. The numbers are the agent's ({@code agent.h}). */
enum FrameType {
    /** Limits and environment, once, before anything else. JSON. */
    CONFIG(1),
    /** A call begins. JSON. */
    INVOKE(2),
    /** Bytes of its body. */
    BODY(3),
    /** All of its body has been sent; once for each call. Empty. */
    BODY_END(4),
    /** How many bytes of response and log more the guest may send; u32. */
    CREDIT(5),
    /** The machine goes on as another one. JSON. */
    RESTORED(6),
    /** The function is to end; u32 milliseconds of grace. */
    STOP(7),
    /** Is answered with the same eight bytes. */
    PING(8),
    /** The guest is to say nothing more, as its machine is to be moved. Empty. */
    HOLD(9),
    /** It may speak again; JSON if it is elsewhere now, else empty. */
    RELEASE(10),
    /** The agent is there. JSON. */
    HELLO(65),
    /** The function waits for a call. Empty. */
    READY(66),
    /** An answer begins. JSON. */
    RESPONSE_START(67),
    /** Bytes of it. */
    RESPONSE(68),
    /** It is whole, or has failed on the way. JSON. */
    RESPONSE_END(69),
    /** The function says that a call, or its start, has failed. JSON. */
    ERROR(70),
    /** What it prints: u8 1 (output) or 2 (error), then bytes. */
    LOG(71),
    /** Its process has ended. JSON. */
    EXIT(72),
    /** How many bytes of body more the host may send; u32. */
    BODY_CREDIT(73),
    /** Answers a ping. */
    PONG(74),
    /** The function waits to be restored from a snapshot. Empty. */
    RESTORE_NEXT(75),
    /** Nothing more will come until it is released. Empty. */
    HELD(76);

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    byte code() {
        return (byte) code;
    }

    /** Whether the guest sends it. */
    boolean fromGuest() {
        return code >= HELLO.code;
    }

    static Optional<FrameType> of(byte code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }
}
