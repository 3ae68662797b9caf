package io.runnel.exec.microvm.guest;

/**
 * What a function says of its failure. Both are the guest's words: hostile, of any characters.
 *
 * @param type as {@code Runtime.ExitError} or the name of an exception; {@code Unhandled} if it
 *     gave none
 * @param body most often Lambda's JSON with {@code errorMessage}; at most 64 KiB, cut off beyond
 */
public record GuestError(String type, String body) {}
