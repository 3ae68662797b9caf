package io.runnel.exec.wasi;

import java.util.Optional;

/** Something open: what it is, what it may be used for, where it stands. */
final class Descriptor {
    static final int FLAG_APPEND = 1;
    static final int FLAG_DSYNC = 2;
    static final int FLAG_NONBLOCK = 4;
    static final int FLAG_RSYNC = 8;
    static final int FLAG_SYNC = 16;
    static final int ALL_FLAGS = 31;

    private final Target target;
    private final Optional<String> preopened;
    private long rights;
    private long inheriting;
    private int flags;
    private long offset;

    private Descriptor(
            Target target, Optional<String> preopened, long rights, long inheriting, int flags) {
        this.target = target;
        this.preopened = preopened;
        this.rights = rights;
        this.inheriting = inheriting;
        this.flags = flags;
    }

    static Descriptor of(StandardStream stream) {
        return new Descriptor(stream, Optional.empty(), Rights.of(stream), 0, 0);
    }

    /** A folder that is open when the guest begins, under this name. */
    static Descriptor preopened(FolderNode folder, String name) {
        return new Descriptor(folder, Optional.of(name), Rights.OF_FOLDERS, Rights.ALL, 0);
    }

    static Descriptor opened(Node node, long rights, long inheriting, int flags) {
        return new Descriptor(node, Optional.empty(), rights, inheriting, flags);
    }

    Target target() {
        return target;
    }

    Optional<String> preopened() {
        return preopened;
    }

    long rights() {
        return rights;
    }

    /** What may be wanted of what is opened from here. */
    long inheriting() {
        return inheriting;
    }

    boolean may(long wanted) {
        return (rights & wanted) == wanted;
    }

    /** A lack of the right to read or to write is said as C programs know it. */
    void require(long wanted) {
        if (!may(wanted)) {
            boolean plain = (wanted & (Rights.FD_READ | Rights.FD_WRITE)) != 0;
            throw new WasiFailure(plain ? Errno.BADF : Errno.NOTCAPABLE);
        }
    }

    /** Fewer rights, never more. */
    void reduce(long fewer, long fewerInheriting) {
        if ((fewer & ~rights) != 0 || (fewerInheriting & ~inheriting) != 0) {
            throw new WasiFailure(Errno.NOTCAPABLE);
        }
        rights = fewer;
        inheriting = fewerInheriting;
    }

    int flags() {
        return flags;
    }

    void flags(int changed) {
        flags = changed;
    }

    boolean appends() {
        return (flags & FLAG_APPEND) != 0;
    }

    long offset() {
        return offset;
    }

    void offset(long moved) {
        offset = moved;
    }

    void retain() {
        if (target instanceof Node node) {
            node.retain();
        }
    }

    void release() {
        if (target instanceof Node node) {
            node.release();
        }
    }
}
