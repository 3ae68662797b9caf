package io.runnel.exec.wasm;

import java.security.SecureRandom;

/** Random bytes, any number of them, without more than a little of the host's memory at once. */
final class GuestRandom {
    private static final int AT_ONCE_BYTES = 4096;

    private GuestRandom() {}

    static Errno fill(GuestMemory memory, SecureRandom random, int at, int length) {
        if (!memory.contains(at, length)) {
            return Errno.FAULT;
        }
        StackRoom.require();
        byte[] some = new byte[Math.min(length, AT_ONCE_BYTES)];
        for (int done = 0; done < length; done += some.length) {
            GuestInterrupted.check();
            random.nextBytes(some);
            memory.write(at + done, some, 0, Math.min(some.length, length - done));
        }
        return Errno.SUCCESS;
    }
}
