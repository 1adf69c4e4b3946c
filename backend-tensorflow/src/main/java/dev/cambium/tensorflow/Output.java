package dev.cambium.tensorflow;

import org.tensorflow.internal.c_api.TF_Operation;

/** One of the results of an operation in a TensorFlow graph. */
record Output(TF_Operation operation, int index) {}
