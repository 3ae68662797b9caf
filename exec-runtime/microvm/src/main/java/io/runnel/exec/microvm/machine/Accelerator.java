package io.runnel.exec.microvm.machine;

/** What runs a guest's instructions. */
public enum Accelerator {
    /** The processor itself, by Linux's KVM. */
    KVM("kvm", "host"),

    /** QEMU translates them. Works everywhere, some 10 times slower. */
    TCG("tcg", "max");

    private final String word;
    private final String processor;

    Accelerator(String word, String processor) {
        this.word = word;
        this.processor = processor;
    }

    /** As QEMU and our files spell it. */
    public String word() {
        return word;
    }

    /** QEMU's model of the processor. */
    String processor() {
        return processor;
    }
}
