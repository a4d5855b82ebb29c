namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>NVENCSTATUS: what a call into NVENC answers. Numbers and spelling are the header's, the same in every version.</summary>
internal enum NvencStatus
{
    Success = 0,
    NoEncodeDevice = 1,
    UnsupportedDevice = 2,
    InvalidEncoderdevice = 3,
    InvalidDevice = 4,
    DeviceNotExist = 5,
    InvalidPtr = 6,
    InvalidEvent = 7,
    InvalidParam = 8,
    InvalidCall = 9,
    OutOfMemory = 10,
    EncoderNotInitialized = 11,
    UnsupportedParam = 12,
    LockBusy = 13,
    NotEnoughBuffer = 14,
    InvalidVersion = 15,
    MapFailed = 16,
    NeedMoreInput = 17,
    EncoderBusy = 18,
    EventNotRegisterd = 19,
    Generic = 20,
    IncompatibleClientKey = 21,
    Unimplemented = 22,
    ResourceRegisterFailed = 23,
    ResourceNotRegistered = 24,
    ResourceNotMapped = 25,
    NeedMoreOutput = 26,
}
