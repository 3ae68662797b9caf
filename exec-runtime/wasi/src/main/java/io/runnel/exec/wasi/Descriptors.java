package io.runnel.exec.wasi;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a call has open, by number: the lowest free one is given next. Nothing of a file system is
 * made before a guest asks for a descriptor beyond the three streams.
 */
final class Descriptors {
    private static final int FIRST_FOLDER = StandardStream.values().length;

    private final WasiMemory memory;
    private final GuestCall call;
    private final GuestFiles files;
    private Descriptor[] open;
    private boolean mounted;
    private Optional<Scratch> scratch = Optional.empty();

    Descriptors(WasiMemory memory, GuestCall call) {
        this.memory = memory;
        this.call = call;
        this.files = call.host().files();
        this.open =
                new Descriptor[] {
                    Descriptor.of(StandardStream.INPUT),
                    Descriptor.of(StandardStream.OUTPUT),
                    Descriptor.of(StandardStream.LOG)
                };
    }

    boolean isOpen(int number) {
        if (number >= FIRST_FOLDER) {
            mount();
        }
        return number >= 0 && number < open.length && open[number] != null;
    }

    /** Whether one of the three streams has this number. */
    boolean isStream(int number) {
        return number >= 0
                && number < open.length
                && open[number] != null
                && open[number].target() instanceof StandardStream;
    }

    /**
     * What has this number.
     *
     * @throws WasiFailure if nothing has
     */
    Descriptor get(int number) {
        if (!isOpen(number)) {
            throw new WasiFailure(Errno.BADF);
        }
        return open[number];
    }

    /** The open folder of this number, for something in it that needs this right. */
    FolderNode folder(int number, long right) {
        Descriptor descriptor = get(number);
        if (!(descriptor.target() instanceof FolderNode folder)) {
            throw new WasiFailure(Errno.NOTDIR);
        }
        descriptor.require(right);
        return folder;
    }

    /** The number that the next one gets. */
    int next() {
        mount();
        int number = 0;
        while (number < open.length && open[number] != null) {
            number++;
        }
        if (number >= files.limits().descriptors()) {
            throw new WasiFailure(Errno.MFILE);
        }
        return number;
    }

    /** Gives the number to the descriptor; it must be free. */
    void put(int number, Descriptor descriptor) {
        if (number >= open.length) {
            open = Arrays.copyOf(open, Math.max(number + 1, 2 * open.length));
        }
        open[number] = descriptor;
        descriptor.retain();
    }

    void close(int number) {
        Descriptor descriptor = get(number);
        open[number] = null;
        descriptor.release();
    }

    /** Moves what has the first number to the second; what had that is closed. */
    void renumber(int from, int to) {
        Descriptor descriptor = get(from);
        Descriptor other = get(to);
        if (from != to) {
            open[to] = descriptor;
            open[from] = null;
            other.release();
        }
    }

    /** What the files of the call hold of the host's memory. */
    long heldBytes() {
        return scratch.map(Scratch::heldBytes).orElse(0L);
    }

    private void mount() {
        if (mounted) {
            return;
        }
        mounted = true;
        List<String> folders = files.preopened();
        if (folders.isEmpty()) {
            return;
        }
        Scratch made = new Scratch(memory, files.limits(), call::realNs, files.firstFreeInode());
        scratch = Optional.of(made);
        FolderNode root = files.mount(made, call.host().devices(), call.terms().devices());
        for (int i = 0; i < folders.size(); i++) {
            put(
                    FIRST_FOLDER + i,
                    Descriptor.preopened(files.find(root, folders.get(i)), folders.get(i)));
        }
    }
}
