package io.runnel.exec.microvm.guest;

/**
 * How a function begins its answer.
 *
 * @param contentType as it gave it, empty if it gave none; hostile
 * @param streaming whether what comes may be passed on before it is whole
 */
public record ResponseHead(String contentType, boolean streaming) {}
