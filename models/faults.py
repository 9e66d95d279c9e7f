"""What can be wrong with a model; each message is for the person who runs the service."""


class CardError(Exception):
    """A model's entry, or one of its files, is not what it should be; the message says which."""


class UnknownModel(CardError):
    """No card has this id."""


class NotInstalled(CardError):
    """The catalogue knows the model, but its files were never fetched."""


class FileMissing(CardError):
    """A file that the card names is not there."""


class ChecksumMismatch(CardError):
    """A file is not the one that its card, or the hub, names."""


class FileDamaged(CardError):
    """A file ends too early or holds something else than its name says."""


class UnsafeFile(CardError):
    """A file, or a setting in one, that could run code when it is read."""


class WrongArchitecture(CardError):
    """The weights are for another network, or for a variant that would be computed wrongly."""


class LicenceRefused(CardError):
    """The licence does not allow what was asked for."""


class DownloadFailed(CardError):
    """The hub could not be reached or broke off; what has arrived is kept."""


class ConversionFailed(CardError):
    """The checkpoint could not be converted."""


class ExtraMissing(CardError):
    """A package of an extra is needed that is not installed."""


class OutOfMemory(CardError):
    """The model does not fit into memory."""


class EndpointFailed(CardError):
    """The server behind an `openai-compatible` model gave no usable answer."""
