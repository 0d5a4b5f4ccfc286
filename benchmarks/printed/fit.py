"""How the book trains: `fit`, and the metrics of a classifier."""


def classifier(model):
    """Compile a network of several classes."""
    model.compile(
        loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"]
    )
    return model


def fit(model, data, epochs: int, batch_size: int = 128, callbacks=()):
    """Train as the book does, with Keras's own progress bar."""
    (X_train, y_train), (X_valid, y_valid) = data
    model.fit(
        *(X_train, y_train),
        batch_size=batch_size,
        epochs=epochs,
        verbose=1,
        validation_data=(X_valid, y_valid),
        callbacks=list(callbacks),
    )
