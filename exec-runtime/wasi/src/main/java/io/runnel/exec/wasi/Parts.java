package io.runnel.exec.wasi;

/**
 * The parts of memory that one read or write names: pairs of address and length. They lie in the
 * guest's memory themselves and are not copied, so what reads into one of them may change those
 * that follow: who writes into memory asks {@link #isWithin} for each again.
 */
final class Parts {
    private static final int MOST = 1024;
    private static final int BYTES = 8;

    private Parts() {}

    /** Checks all of them, and where the count of bytes goes. */
    static void require(WasiMemory memory, int at, int count, int countAt) {
        if (count < 0 || count > MOST) {
            throw new WasiFailure(Errno.INVAL);
        }
        if (!memory.contains(at, count * BYTES) || !memory.contains(countAt, 4)) {
            throw new WasiFailure(Errno.FAULT);
        }
        for (int i = 0; i < count; i++) {
            if (!isWithin(memory, at, i)) {
                throw new WasiFailure(Errno.FAULT);
            }
        }
    }

    static boolean isWithin(WasiMemory memory, int at, int index) {
        return memory.contains(address(memory, at, index), length(memory, at, index));
    }

    static int address(WasiMemory memory, int at, int index) {
        return memory.readInt(at + index * BYTES);
    }

    static int length(WasiMemory memory, int at, int index) {
        return memory.readInt(at + index * BYTES + 4);
    }
}
