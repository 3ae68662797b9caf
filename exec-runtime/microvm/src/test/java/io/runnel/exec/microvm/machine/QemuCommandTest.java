package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.CodeDigest;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

final class QemuCommandTest {
    private static final MachineFile FILE = file("/a/file");
    private static final Path QEMU = Path.of("/usr/bin/qemu-system-x86_64");

    private static MachineFile file(String path) {
        return new MachineFile(Path.of(path), CodeDigest.of(new byte[0]));
    }

    private static MachineSpec spec(MachineFile code, Optional<MachineFile> base) {
        return new MachineSpec(FILE, FILE, code, base, 256L << 20, 3);
    }

    private static List<String> command(MachineSpec spec, Accelerator by, QemuCommand.Start start) {
        QemuPaths paths = QemuCommand.realPaths(QEMU, spec, Path.of("/m/memory"), Path.of("/m/s"));
        return QemuCommand.of(spec, by, start, paths, 2_600_000);
    }

    private static String text(MachineSpec spec, QemuCommand.Start start) {
        return String.join(" ", command(spec, Accelerator.TCG, start));
    }

    @Test
    void theGuestIsToldHowFastItsCounterRuns() {
        String text = text(spec(FILE, Optional.empty()), QemuCommand.Start.BOOT);
        assertTrue(text.contains(" tsc_early_khz=2600000 lpj=5200000 "), text);
    }

    @Test
    void devicesAreInTheirOrder() {
        String text = text(spec(file("/c"), Optional.of(file("/b"))), QemuCommand.Start.BOOT);
        int serial = text.indexOf("virtio-serial-device");
        int code = text.indexOf("virtio-blk-device,drive=code");
        int base = text.indexOf("virtio-blk-device,drive=base");
        assertTrue(0 < serial && serial < code && code < base, text);
        assertTrue(text.contains("read-only=on,file=/c "), text);
        assertTrue(text.contains("read-only=on,file=/b "), text);
    }

    @Test
    void theKernelsLineEndsWithBaseAndVersion() {
        List<String> with =
                command(spec(FILE, Optional.of(FILE)), Accelerator.TCG, QemuCommand.Start.BOOT);
        String line = with.get(with.indexOf("-append") + 1);
        assertTrue(line.endsWith(" runnel.base=1 runnel.version=3"), line);
        assertTrue(
                text(spec(FILE, Optional.empty()), QemuCommand.Start.BOOT)
                        .contains(" runnel.base=0 runnel.version=3 "));
    }

    @Test
    void memoryIsSharedWithItsFileOnlyWhileItBoots() {
        MachineSpec spec = spec(FILE, Optional.empty());
        assertTrue(
                text(spec, QemuCommand.Start.BOOT)
                        .contains("size=256M,mem-path=/m/memory,share=on "));
        assertTrue(text(spec, QemuCommand.Start.RESTORE).contains("/m/memory,share=off "));
        assertTrue(text(spec, QemuCommand.Start.BOOT_ALONE).contains("/m/memory,share=off "));
        assertFalse(text(spec, QemuCommand.Start.BOOT_ALONE).contains("-incoming"));
        assertTrue(
                text(spec, QemuCommand.Start.RESTORE_READ_ONLY)
                        .contains("/m/memory,share=off,readonly=on,rom=off "));
        assertTrue(text(spec, QemuCommand.Start.RESTORE).endsWith(" -incoming defer"));
        assertFalse(text(spec, QemuCommand.Start.BOOT).contains("-incoming"));
    }

    @Test
    void aCommaInAPathEndsNoValue() {
        MachineSpec spec = spec(file("/c,read-only=off"), Optional.empty());
        assertTrue(text(spec, QemuCommand.Start.BOOT).contains("file=/c,,read-only=off "));
    }

    @Test
    void theOnlyNetworkIsAWireToUsAndTheSandboxIsOn() {
        String text = text(spec(FILE, Optional.empty()), QemuCommand.Start.BOOT);
        assertTrue(
                text.contains(
                        "-netdev stream,id=network,server=off,addr.type=unix,"
                                + "addr.path=/m/s/network -device virtio-net-device,"
                                + "netdev=network,mac=02:52:4e:00:00:0f "),
                text);
        assertEquals(1, text.split(" -net", -1).length - 1, text);
        assertTrue(text.contains(" -nodefaults -no-user-config "), text);
        assertTrue(
                text.contains(
                        "-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,"
                                + "resourcecontrol=deny"),
                text);
    }

    @Test
    void theFingerprintIsOfTheMachineAndNotOfItsPaths() {
        MachineSpec one = spec(file("/c"), Optional.empty());
        MachineSpec elsewhere = spec(file("/d"), Optional.empty());
        MachineSpec other = spec(file("/c"), Optional.of(FILE));
        assertEquals(
                QemuCommand.fingerprint(one, Accelerator.TCG, 2_600_000),
                QemuCommand.fingerprint(elsewhere, Accelerator.TCG, 2_600_000));
        assertFalse(
                QemuCommand.fingerprint(one, Accelerator.TCG, 2_600_000)
                        .equals(QemuCommand.fingerprint(other, Accelerator.TCG, 2_600_000)));
    }

    @Test
    void memoryHasBounds() {
        for (long bytes : new long[] {0, -1, (128L << 20) - 1, (128L << 20) + 1, 9L << 30}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new MachineSpec(FILE, FILE, FILE, Optional.empty(), bytes, 1));
        }
    }

    @Test
    void versionsAreRead() {
        QemuVersion debian =
                QemuVersion.parse("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)\nCopyright");
        assertEquals(new QemuVersion(7, 2, "7.2.22 (Debian 1:7.2+dfsg-7)"), debian);
        assertFalse(debian.opensTemplatesForReading());
        assertTrue(QemuVersion.parse("QEMU emulator version 8.2.0").opensTemplatesForReading());
        assertTrue(QemuVersion.parse("QEMU emulator version 10.0.1").opensTemplatesForReading());
        for (String said : List.of("", "version", "version x.y", "version 7", "QEMU 7.2")) {
            assertThrows(IllegalArgumentException.class, () -> QemuVersion.parse(said), said);
        }
    }
}
