package io.runnel.exec.isolate;

/**
 * A limit that a node keeps, for people and for JSON.
 *
 * @param name as refusals quote it
 * @param value as it is now
 * @param unit of the value: {@code calls}, {@code bytes}, {@code ms}
 * @param raisedBy where it may be raised; {@code fixed} if nowhere
 */
public record NodeLimit(String name, long value, String unit, String raisedBy) {}
