namespace Rivet.Live.Core.Native.Nvenc;

/// <summary>A call into CUDA's driver answered with an error.</summary>
internal sealed class CudaException : Exception
{
    /// <summary>CUDA_ERROR_OUT_OF_MEMORY.</summary>
    public const int OutOfMemory = 2;

    public CudaException(string call, int error)
        : base($"{call} failed with CUDA error {error}")
    {
        Call = call;
        Error = error;
    }

    public CudaException()
    {
    }

    public CudaException(string message)
        : base(message)
    {
    }

    public CudaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The function that failed.</summary>
    public string Call { get; } = "";

    /// <summary>The CUresult.</summary>
    public int Error { get; }
}
