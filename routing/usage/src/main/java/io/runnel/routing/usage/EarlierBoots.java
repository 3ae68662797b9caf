package io.runnel.routing.usage;

import io.runnel.exec.task.NodeName;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what earlier processes left in a spool's folder. */
final class EarlierBoots {
    private static final Logger LOG = System.getLogger(UsageSpool.class.getName());

    private final NodeName node;
    private final DamageCount damage;

    EarlierBoots(NodeName node, DamageCount damage) {
        this.node = node;
        this.damage = damage;
    }

    /** Those of which something is left, the oldest first. */
    List<SpoolBoot> find(Path folder) throws IOException {
        List<SpoolBoot> boots = new ArrayList<>();
        for (Path path : SpoolFiles.boots(folder)) {
            boot(path).ifPresent(boots::add);
        }
        boots.sort(Comparator.comparingLong(SpoolBoot::sequence));
        return boots;
    }

    private Optional<SpoolBoot> boot(Path folder) {
        try {
            return read(folder);
        } catch (IOException e) {
            damage.add(1, folder);
            LOG.log(Level.DEBUG, "earlier usage cannot be read", e);
            return Optional.empty();
        }
    }

    private Optional<SpoolBoot> read(Path folder) throws IOException {
        Map<Path, SpoolHeader> headers = new LinkedHashMap<>();
        Optional<SpoolHeader> first = Optional.empty();
        for (Path file : SpoolFiles.segments(folder)) {
            Optional<SpoolHeader> header = header(file);
            first = first.or(() -> header);
            if (header.isPresent() && header.get().isSameBoot(first.orElseThrow())) {
                headers.put(file, header.get());
            } else {
                damage.add(1, file);
                SpoolFiles.setAside(file);
            }
        }
        Optional<SpoolBoot> boot = first.map(header -> boot(folder, header));
        for (Map.Entry<Path, SpoolHeader> each : headers.entrySet()) {
            boot.orElseThrow().add(SpoolSegment.found(each.getKey(), each.getValue()));
        }
        boot.ifPresent(EarlierBoots::open);
        if (boot.isEmpty()) {
            SpoolFiles.deleteBoot(folder);
        }
        return boot.filter(each -> !each.isDone());
    }

    private SpoolBoot boot(Path folder, SpoolHeader first) {
        var spool = new UsageBatch.Spool(node, folder.getFileName().toString());
        return new SpoolBoot(folder, spool, first, false, damage);
    }

    private static Optional<SpoolHeader> header(Path file) {
        try {
            return SpoolFiles.header(file);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static void open(SpoolBoot boot) {
        boot.readOn();
        boot.align();
        boot.sweep();
        boot.readings().forEach(EarlierBoots::cut);
        if (boot.isDone()) {
            boot.deleteFolder();
        }
    }

    /** Segments are made at their full size; a process that ends early leaves much of it empty. */
    private static void cut(SegmentReading reading) {
        Path file = reading.segment().file();
        long end = reading.to() - reading.start();
        try {
            if (!reading.isTorn() && Files.size(file) > end) {
                SpoolFiles.cut(file, end);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "earlier usage cannot be cut", e);
        }
    }
}
