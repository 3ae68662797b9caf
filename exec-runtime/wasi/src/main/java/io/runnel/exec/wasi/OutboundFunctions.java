package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Requests of a guest: what it passed is copied out of its memory, checked, and done. */
final class OutboundFunctions {
    private static final int MOST_METHOD_BYTES = 64;
    private static final int MOST_URL_BYTES = OutboundUrl.MOST_CHARACTERS;
    private static final int MOST_HEADER_BYTES = 32 * 1024;

    private OutboundFunctions() {}

    static long send(WasiMemory memory, GuestCall call, Numbers numbers) {
        for (int i = 0; i < 8; i += 2) {
            if (!memory.contains(numbers.i32(i), numbers.i32(i + 1))) {
                return RunnelError.FAULT.value();
            }
        }
        if (isLonger(numbers.i32(1), MOST_METHOD_BYTES)
                || isLonger(numbers.i32(3), MOST_URL_BYTES)
                || isLonger(numbers.i32(5), MOST_HEADER_BYTES)) {
            return RunnelError.INVALID.value();
        }
        // The copy counts as memory of the call until it ends.
        if (!call.outbound().maySend(numbers.i32(7)) || !memory.reserve(numbers.i32(7))) {
            return RunnelError.LIMIT.value();
        }
        Optional<OutboundRequest> request =
                OutboundRequest.parse(
                        text(memory, numbers, 0),
                        text(memory, numbers, 2),
                        text(memory, numbers, 4),
                        bytes(memory, numbers, 6));
        return request.map(r -> (long) call.outbound().send(r))
                .orElse((long) RunnelError.INVALID.value());
    }

    private static boolean isLonger(int length, int most) {
        return Integer.compareUnsigned(length, most) > 0;
    }

    private static byte[] bytes(WasiMemory memory, Numbers numbers, int index) {
        int at = numbers.i32(index);
        return Arrays.copyOfRange(memory.array(), at, at + numbers.i32(index + 1));
    }

    private static String text(WasiMemory memory, Numbers numbers, int index) {
        return new String(bytes(memory, numbers, index), StandardCharsets.ISO_8859_1);
    }

    static long status(WasiMemory memory, GuestCall call, Numbers numbers) {
        return call.outbound()
                .answer(numbers.i32(0))
                .map(OutboundAnswer::status)
                .orElse(RunnelError.INVALID.value());
    }

    static long headers(WasiMemory memory, GuestCall call, Numbers numbers) {
        Optional<OutboundAnswer> answer = call.outbound().answer(numbers.i32(0));
        if (answer.isEmpty()) {
            return RunnelError.INVALID.value();
        }
        byte[] lines =
                OutboundHeader.lines(answer.get().headers()).getBytes(StandardCharsets.ISO_8859_1);
        return GuestFacts.copyOut(memory, lines, numbers.i32(1), numbers.i32(2));
    }

    static long read(WasiMemory memory, GuestCall call, Numbers numbers) {
        int to = numbers.i32(1);
        int capacity = numbers.i32(2);
        if (!memory.contains(to, capacity)) {
            return RunnelError.FAULT.value();
        }
        return call.outbound().read(memory, numbers.i32(0), to, capacity);
    }

    static long close(WasiMemory memory, GuestCall call, Numbers numbers) {
        return call.outbound().close(numbers.i32(0)) ? 0 : RunnelError.INVALID.value();
    }
}
