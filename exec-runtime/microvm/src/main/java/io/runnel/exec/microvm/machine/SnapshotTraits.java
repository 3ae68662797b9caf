package io.runnel.exec.microvm.machine;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a snapshot and the machine that begins with it must have in common, to the letter.
 *
 * @param values by name, in a fixed order
 */
record SnapshotTraits(Map<String, String> values) {
    private static final String NONE = "none";

    SnapshotTraits {
        values = Map.copyOf(values);
    }

    static SnapshotTraits of(MachineSpec spec, Accelerator accelerator, QemuVersion version)
            throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("qemu", version.text());
        values.put("accelerator", accelerator.word());
        values.put("processor", HostFacts.processor(accelerator));
        values.put("memoryBytes", Long.toString(spec.memoryBytes()));
        values.put("kernel", spec.kernel().digest().value());
        values.put("initramfs", spec.initramfs().digest().value());
        values.put("code", spec.codeImage().digest().value());
        values.put(
                "base",
                spec.baseImage().map(MachineFile::digest).map(CodeDigest::value).orElse(NONE));
        values.put(
                "command",
                QemuCommand.fingerprint(spec, accelerator, TimeStampCounter.kiloHertz()).value());
        return new SnapshotTraits(values);
    }

    /** The first difference, for people; empty if there is none. */
    Optional<String> differenceTo(SnapshotTraits wanted) {
        if (values.equals(wanted.values)) {
            return Optional.empty();
        }
        return wanted.values.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(values.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .map(
                        name ->
                                "%s is '%s', not '%s'"
                                        .formatted(name, values.get(name), wanted.values.get(name)))
                .or(() -> Optional.of("it says more than it should"));
    }
}
