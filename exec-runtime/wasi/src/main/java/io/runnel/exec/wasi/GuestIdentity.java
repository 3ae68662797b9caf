package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How a guest gets a document of who it is. */
final class GuestIdentity {
    /** More than an audience or a nonce may have. */
    private static final int LONGEST = 512;

    private GuestIdentity() {}

    static long document(WasiMemory memory, GuestCall call, Numbers numbers) {
        int audience = numbers.i32(0);
        int audienceLength = numbers.i32(1);
        int nonce = numbers.i32(2);
        int nonceLength = numbers.i32(3);
        if (!isSome(audienceLength) || !isSome(nonceLength)) {
            return RunnelError.INVALID.value();
        }
        if (!memory.contains(audience, audienceLength) || !memory.contains(nonce, nonceLength)) {
            return RunnelError.FAULT.value();
        }
        Optional<String> document;
        try {
            document =
                    call.terms()
                            .self()
                            .document(
                                    text(memory, audience, audienceLength),
                                    text(memory, nonce, nonceLength));
        } catch (IllegalArgumentException e) {
            return RunnelError.INVALID.value();
        }
        return document.map(d -> copy(memory, d, numbers))
                .orElse((long) RunnelError.UNAVAILABLE.value());
    }

    private static boolean isSome(int length) {
        return length >= 0 && length <= LONGEST;
    }

    private static String text(WasiMemory memory, int at, int length) {
        return new String(memory.array(), at, length, StandardCharsets.UTF_8);
    }

    private static long copy(WasiMemory memory, String document, Numbers numbers) {
        byte[] bytes = document.getBytes(StandardCharsets.US_ASCII);
        return GuestFacts.copyOut(memory, bytes, numbers.i32(4), numbers.i32(5));
    }
}
