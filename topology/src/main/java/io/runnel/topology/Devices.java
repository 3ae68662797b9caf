package io.runnel.topology;

import io.runnel.exec.task.DeviceName;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The devices that tasks may use at a POP, or at every node of a region.
 *
 * @param files the absolute path of each one's file, a character device: {@code /dev/ttyUSB0}
 */
public record Devices(SortedMap<DeviceName, String> files) {
    /** None. */
    public static final Devices NONE = new Devices(Map.of());

    /** In any order. */
    public Devices(Map<DeviceName, String> files) {
        this(new TreeMap<>(files));
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if there are too many, or one's file has no usable path
     */
    public Devices {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        if (files.size() > DeviceName.MOST) {
            throw new IllegalArgumentException(
                    "devices must be at most %d: %d".formatted(DeviceName.MOST, files.size()));
        }
        files.values().forEach(Devices::file);
    }

    /**
     * Checks the path of a device's file.
     *
     * @throws IllegalArgumentException if it is none
     */
    static String file(String path) {
        return FilePath.require("a device's file", path);
    }

    /** Whether all of these are here. */
    public boolean have(Collection<DeviceName> wanted) {
        return files.keySet().containsAll(wanted);
    }
}
