package io.runnel.exec.http;

/** In which form a caller is told of a failure. */
public enum ErrorShape {
    /** A problem document (RFC 9457). */
    PROBLEM,
    /** As the AWS Lambda API does. */
    LAMBDA
}
