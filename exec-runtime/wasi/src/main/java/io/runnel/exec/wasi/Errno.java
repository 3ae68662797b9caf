package io.runnel.exec.wasi;

/** What host functions answer, with the numbers of WASI preview 1. */
public enum Errno {
    SUCCESS(0),
    BADF(8),
    BUSY(10),
    EXIST(20),
    FAULT(21),
    FBIG(22),
    ILSEQ(25),
    INVAL(28),
    IO(29),
    ISDIR(31),
    LOOP(32),
    MFILE(33),
    NAMETOOLONG(37),
    NODEV(43),
    NOENT(44),
    NOSPC(51),
    NOTDIR(54),
    NOTEMPTY(55),
    NOTSOCK(57),
    NOTSUP(58),
    PERM(63),
    ROFS(69),
    SPIPE(70),
    XDEV(75),
    NOTCAPABLE(76);

    private final int value;

    Errno(int value) {
        this.value = value;
    }

    /** The number that the guest gets. */
    public int value() {
        return value;
    }
}
